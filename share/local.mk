# Pages, style and texts.  In the build folder share/ is made complete, so that
# portal.share and courier.share may point there before anything is installed.
PAGES = share/pages/again.html share/pages/bottom.html share/pages/cancel.html share/pages/code.html \
	share/pages/desk.html share/pages/devices.html share/pages/end.html \
	share/pages/field.html share/pages/first-time.html share/pages/form-top.html \
	share/pages/gallery.html share/pages/locked-again.html share/pages/name.html \
	share/pages/password.html share/pages/price.html share/pages/progress.html share/pages/proof.html \
	share/pages/second.html share/pages/setting.html share/pages/sign-in.html share/pages/stuck.html \
	share/pages/top.html share/pages/valid-for.html share/pages/wish.html
STYLE = share/style/gallery.css share/style/logo.svg share/style/price.js share/style/script.js \
	share/style/style.css
API = share/api/openapi.json
CATALOGUES = share/po/en.po share/po/nl.po

pagesdir = $(pkgdatadir)/pages
pages_DATA = $(PAGES)
styledir = $(pkgdatadir)/style
style_DATA = $(STYLE)
apidir = $(pkgdatadir)/api
api_DATA = $(API)
catalogdir = $(pkgdatadir)/locale
catalog_DATA = share/locale/en.mo share/locale/nl.mo
EXTRA_DIST += $(PAGES) $(STYLE) $(API) $(CATALOGUES)
CLEANFILES += $(catalog_DATA)

share/locale/en.mo: share/po/en.po
share/locale/nl.mo: share/po/nl.po
$(catalog_DATA):
	$(AM_V_GEN)$(MKDIR_P) share/locale && \
	$(MSGFMT) --check-format --check-domain -o $@ $(srcdir)/share/po/`basename $@ .mo`.po

# A link to each folder of the source, where the build has a folder of its own.
noinst_DATA = share/linked
share/linked: $(catalog_DATA)
	$(AM_V_GEN)if test ! -d share/pages; then for d in pages style api; do \
	ln -s "$(abs_srcdir)/share/$$d" share/$$d || exit 1; done; fi; touch $@
CLEANFILES += share/linked

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
# Ten digits in each language, for riddles; see doc/DESIGN, The price.
DIGITS_EN = share/sound/en/0.wav share/sound/en/1.wav share/sound/en/2.wav share/sound/en/3.wav \
	share/sound/en/4.wav share/sound/en/5.wav share/sound/en/6.wav share/sound/en/7.wav \
	share/sound/en/8.wav share/sound/en/9.wav
DIGITS_NL = share/sound/nl/0.wav share/sound/nl/1.wav share/sound/nl/2.wav share/sound/nl/3.wav \
	share/sound/nl/4.wav share/sound/nl/5.wav share/sound/nl/6.wav share/sound/nl/7.wav \
	share/sound/nl/8.wav share/sound/nl/9.wav

pagesdir = $(pkgdatadir)/pages
pages_DATA = $(PAGES)
styledir = $(pkgdatadir)/style
style_DATA = $(STYLE)
apidir = $(pkgdatadir)/api
api_DATA = $(API)
digits_endir = $(pkgdatadir)/sound/en
digits_en_DATA = $(DIGITS_EN)
digits_nldir = $(pkgdatadir)/sound/nl
digits_nl_DATA = $(DIGITS_NL)
catalogdir = $(pkgdatadir)/locale
catalog_DATA = share/locale/en.mo share/locale/nl.mo
EXTRA_DIST += $(PAGES) $(STYLE) $(API) $(CATALOGUES) $(DIGITS_EN) $(DIGITS_NL)
CLEANFILES += $(catalog_DATA)

share/locale/en.mo: share/po/en.po
share/locale/nl.mo: share/po/nl.po
$(catalog_DATA):
	$(AM_V_GEN)$(MKDIR_P) share/locale && \
	$(MSGFMT) --check-format --check-domain -o $@ $(srcdir)/share/po/`basename $@ .mo`.po

# A link to each folder of the source, where the build has a folder of its own.
noinst_DATA = share/linked
share/linked: $(catalog_DATA)
	$(AM_V_GEN)for d in pages style api sound; do \
	test -d share/$$d || ln -s "$(abs_srcdir)/share/$$d" share/$$d || exit 1; done; touch $@
CLEANFILES += share/linked

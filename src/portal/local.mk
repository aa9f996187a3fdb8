# latchkey-portal: HTTP outside, keeper inside, no secret.
noinst_LIBRARIES += src/portal/libportal.a
src_portal_libportal_a_SOURCES = \
	src/portal/api.c src/portal/api.h \
	src/portal/asset.c src/portal/asset.h \
	src/portal/check.c src/portal/check.h \
	src/portal/confine.c src/portal/confine.h \
	src/portal/cookie.c src/portal/cookie.h \
	src/portal/counts.c src/portal/counts.h \
	src/portal/exposition.c src/portal/exposition.h \
	src/portal/crowd.c \
	src/portal/fill.c src/portal/fill.h \
	src/portal/form.c src/portal/form.h \
	src/portal/gallery.c src/portal/gallery.h \
	src/portal/head.c src/portal/head.h \
	src/portal/http.c src/portal/http.h src/portal/http_own.h \
	src/portal/http_introduce.c src/portal/http_listen.c \
	src/portal/http_read.c src/portal/http_write.c \
	src/portal/introduction.c src/portal/introduction.h \
	src/portal/keeper.c src/portal/keeper.h \
	src/portal/lang.c src/portal/lang.h \
	src/portal/markup.c src/portal/markup.h \
	src/portal/moment.c src/portal/moment.h \
	src/portal/page.c src/portal/page.h \
	src/portal/phrase.c src/portal/phrase.h \
	src/portal/preview.c src/portal/preview.h \
	src/portal/proxy.c src/portal/proxy.h \
	src/portal/route.c src/portal/route.h \
	src/portal/route_api.c src/portal/route_metrics.c src/portal/route_page.c \
	src/portal/settings.c src/portal/settings.h \
	src/portal/template.c src/portal/template.h \
	src/portal/tls.c src/portal/tls.h \
	src/portal/view.c src/portal/view.h \
	src/portal/visit.c src/portal/visit.h
PORTAL_LIBS = src/portal/libportal.a $(HOUSE_LIBS) $(EVENT_TLS_LIBS) $(EVENT_LIBS) \
	$(JANSSON_LIBS) $(ZLIB_LIBS) $(BASE_LIBS)

sbin_PROGRAMS += latchkey-portal
latchkey_portal_SOURCES = src/portal/main.c
latchkey_portal_LDADD = $(PORTAL_LIBS)

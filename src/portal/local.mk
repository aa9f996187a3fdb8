# latchkey-portal: HTTP outside, keeper inside, no secret but a certificate's key.
noinst_LIBRARIES += src/portal/libportal.a
src_portal_libportal_a_SOURCES = \
	src/portal/api.c src/portal/api.h \
	src/portal/check.c src/portal/check.h \
	src/portal/confine.c src/portal/confine.h \
	src/portal/cookie.c src/portal/cookie.h \
	src/portal/counts.c src/portal/counts.h \
	src/portal/exposition.c src/portal/exposition.h \
	src/portal/form.c src/portal/form.h \
	src/portal/keeper.c src/portal/keeper.h \
	src/portal/route.c src/portal/route.h \
	src/portal/route_api.c src/portal/route_metrics.c src/portal/route_page.c \
	src/portal/settings.c src/portal/settings.h \
	src/portal/visit.c src/portal/visit.h

# Connections: bytes in, a whole request out; http_own.h lists them.
src_portal_libportal_a_SOURCES += \
	src/portal/http/crowd.c \
	src/portal/http/head.c src/portal/http/head.h \
	src/portal/http/http.c src/portal/http/http.h src/portal/http/http_own.h \
	src/portal/http/http_introduce.c src/portal/http/http_listen.c \
	src/portal/http/http_read.c src/portal/http/http_write.c \
	src/portal/http/introduction.c src/portal/http/introduction.h \
	src/portal/http/proxy.c src/portal/http/proxy.h \
	src/portal/http/tls.c src/portal/http/tls.h

# A step in words, and as a page.
src_portal_libportal_a_SOURCES += \
	src/portal/page/asset.c src/portal/page/asset.h src/portal/page/chance.h \
	src/portal/page/fill.c src/portal/page/fill.h \
	src/portal/page/gallery.c src/portal/page/gallery.h \
	src/portal/page/lang.c src/portal/page/lang.h \
	src/portal/page/markup.c src/portal/page/markup.h \
	src/portal/page/moment.c src/portal/page/moment.h \
	src/portal/page/page.c src/portal/page/page.h \
	src/portal/page/phrase.c src/portal/page/phrase.h \
	src/portal/page/picture.c src/portal/page/picture.h \
	src/portal/page/preview.c src/portal/page/preview.h \
	src/portal/page/template.c src/portal/page/template.h \
	src/portal/page/view.c src/portal/page/view.h \
	src/portal/page/voice.c src/portal/page/voice.h

PORTAL_LIBS = src/portal/libportal.a $(HOUSE_LIBS) $(EVENT_TLS_LIBS) $(EVENT_LIBS) \
	$(JANSSON_LIBS) $(ZLIB_LIBS) -lm $(BASE_LIBS)

sbin_PROGRAMS += latchkey-portal
latchkey_portal_SOURCES = src/portal/main.c
latchkey_portal_LDADD = $(PORTAL_LIBS)

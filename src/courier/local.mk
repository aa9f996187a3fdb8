# Takes codes to people: the only program that speaks to gateways.
noinst_LIBRARIES += src/courier/libcourier.a
src_courier_libcourier_a_SOURCES = \
	src/courier/answer.c src/courier/answer.h \
	src/courier/desk.c src/courier/desk.h \
	src/courier/gateway.c src/courier/gateway.h src/courier/gateway_own.h \
	src/courier/gateway_ready.c \
	src/courier/letter.c src/courier/letter.h \
	src/courier/mail.c src/courier/mail.h \
	src/courier/request.c src/courier/request.h \
	src/courier/settings.c src/courier/settings.h \
	src/courier/template.c src/courier/template.h \
	src/courier/wording.c src/courier/wording.h
COURIER_LIBS = src/courier/libcourier.a $(HOUSE_LIBS)

sbin_PROGRAMS += latchkey-courier
latchkey_courier_SOURCES = src/courier/main.c
latchkey_courier_LDADD = $(COURIER_LIBS) $(CURL_LIBS) $(EVENT_LIBS) $(BASE_LIBS)

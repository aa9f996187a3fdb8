# What any daemon needs; knows nothing of the product.
noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/address.c src/base/address.h \
	src/base/birthdate.c src/base/birthdate.h \
	src/base/catalog.c src/base/catalog.h \
	src/base/clock.c src/base/clock.h \
	src/base/conf.c src/base/conf.h src/base/conf_own.h \
	src/base/conf_again.c \
	src/base/finding.c src/base/finding.h \
	src/base/heap.c \
	src/base/log.c src/base/log.h \
	src/base/loop.c src/base/loop.h \
	src/base/moment.c src/base/moment.h \
	src/base/network.c src/base/network.h \
	src/base/octets.c src/base/octets.h \
	src/base/phone.c src/base/phone.h \
	src/base/program.c src/base/program.h \
	src/base/reference.c src/base/reference.h \
	src/base/rekey.c src/base/rekey.h \
	src/base/sandbox.c src/base/sandbox.h \
	src/base/seal.c src/base/seal.h \
	src/base/secret.c src/base/secret.h \
	src/base/shared.c src/base/shared.h \
	src/base/supervisor.c src/base/supervisor.h \
	src/base/text.c src/base/text.h \
	src/base/typed.c src/base/typed.h \
	src/base/x509.c src/base/x509.h
BASE_LIBS = $(CONFIG_LIBS) $(CRYPTO_LIBS) $(UNISTRING_LIBS)

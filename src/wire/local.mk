# The conversation.  link and dial are for programs with an event loop.
noinst_LIBRARIES += src/wire/libwire.a
src_wire_libwire_a_SOURCES = \
	src/wire/buf.c src/wire/buf.h \
	src/wire/call.c src/wire/call.h \
	src/wire/dial.c src/wire/dial.h \
	src/wire/house.c src/wire/house.h \
	src/wire/link.c src/wire/link.h \
	src/wire/metric.c src/wire/metric.h \
	src/wire/msg.c src/wire/msg.h \
	src/wire/pairs.c src/wire/pairs.h \
	src/wire/pairs_other.c src/wire/pairs_portal.c src/wire/pairs_registrar.c \
	src/wire/word.c src/wire/word.h
# In this order, for the linker.
HOUSE_LIBS = src/wire/libwire.a src/base/libbase.a

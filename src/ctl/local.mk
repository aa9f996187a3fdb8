# What an admin asks and does.
noinst_LIBRARIES += src/ctl/libctl.a
src_ctl_libctl_a_SOURCES = \
	src/ctl/ask.c src/ctl/ask.h \
	src/ctl/audit.c \
	src/ctl/check.c \
	src/ctl/command.c src/ctl/command.h \
	src/ctl/copy.c \
	src/ctl/erase.c \
	src/ctl/findings.c src/ctl/findings.h \
	src/ctl/halt.c \
	src/ctl/pardon.c \
	src/ctl/policy.c \
	src/ctl/preview.c \
	src/ctl/proof.c \
	src/ctl/rekey.c \
	src/ctl/reload.c \
	src/ctl/room.c src/ctl/room.h \
	src/ctl/run.c \
	src/ctl/status.c \
	src/ctl/trace.c \
	src/ctl/verify.c

bin_PROGRAMS += latchkey
latchkey_SOURCES = src/ctl/main.c
latchkey_LDADD = src/ctl/libctl.a $(HOUSE_LIBS) $(JANSSON_LIBS) $(BASE_LIBS)

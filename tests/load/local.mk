# What the benchmarks are driven with; "make bench" prints the figures.
EXTRA_PROGRAMS += tests/load/walk tests/load/bare
tests_load_walk_SOURCES = tests/load/walk.c
tests_load_walk_LDADD = $(JANSSON_LIBS) -lpthread
tests_load_bare_SOURCES = tests/load/bare.c
tests_load_bare_LDADD = $(LDAP_LIBS) -lpthread
CLEANFILES += tests/load/walk tests/load/bare

bench: all tests/load/walk tests/load/bare
	PYTHONPATH=$(top_srcdir)/tests PYTHONDONTWRITEBYTECODE=1 LATCHKEY_BUILD=$(abs_builddir) \
	    /usr/bin/python3 $(top_srcdir)/tests/load/bench.py
.PHONY: bench

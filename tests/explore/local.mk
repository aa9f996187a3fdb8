# The explorer: keeper through every interleaving (doc/DESIGN).
check_PROGRAMS += tests/explore/explore
tests_explore_explore_SOURCES = tests/explore/explore.c \
	tests/explore/abreast.c tests/explore/abreast.h \
	tests/explore/choice.c tests/explore/choice.h tests/explore/choice_rows.h \
	tests/explore/choice_portal.c tests/explore/choice_registrar.c tests/explore/choice_house.c \
	tests/explore/peers.c tests/explore/peers.h \
	tests/explore/promise.c tests/explore/promise.h \
	tests/explore/search.c tests/explore/search.h \
	tests/explore/state.c tests/explore/state.h \
	tests/explore/terms.c tests/explore/terms.h \
	tests/explore/world.c tests/explore/world.h
tests_explore_explore_CPPFLAGS = -I$(top_srcdir)/tests $(AM_CPPFLAGS)
tests_explore_explore_LDADD = src/keeper/libkeeper.a $(HOUSE_LIBS) $(CMOCKA_LIBS) $(EVENT_LIBS) \
	$(SQLITE_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/test_journey
tests_unit_test_journey_SOURCES = tests/unit/test_journey.c
tests_unit_test_journey_LDADD = src/keeper/libkeeper.a $(HOUSE_LIBS) $(CMOCKA_LIBS) $(EVENT_LIBS) \
	$(SQLITE_LIBS) $(BASE_LIBS)

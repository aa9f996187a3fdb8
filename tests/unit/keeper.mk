KEEPER_TEST_LIBS = src/keeper/libkeeper.a $(HOUSE_LIBS) $(CMOCKA_LIBS) $(EVENT_LIBS) \
	$(SQLITE_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/test_budget tests/unit/test_chain tests/unit/test_code \
	tests/unit/test_flow tests/unit/test_journey tests/unit/test_meter tests/unit/test_price tests/unit/test_store
tests_unit_test_budget_LDADD = $(KEEPER_TEST_LIBS)
tests_unit_test_chain_LDADD = $(KEEPER_TEST_LIBS)
tests_unit_test_code_LDADD = $(KEEPER_TEST_LIBS)
tests_unit_test_flow_LDADD = $(KEEPER_TEST_LIBS)
tests_unit_test_journey_LDADD = $(KEEPER_TEST_LIBS)
tests_unit_test_meter_LDADD = $(KEEPER_TEST_LIBS)
tests_unit_test_price_LDADD = $(KEEPER_TEST_LIBS)
tests_unit_test_store_LDADD = $(KEEPER_TEST_LIBS)
EXTRA_DIST += tests/unit/folder.h tests/unit/solve.h

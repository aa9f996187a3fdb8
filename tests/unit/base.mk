check_PROGRAMS += tests/unit/test_conf tests/unit/test_seal
tests_unit_test_conf_SOURCES = tests/unit/test_conf.c
tests_unit_test_conf_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)
tests_unit_test_seal_SOURCES = tests/unit/test_seal.c
tests_unit_test_seal_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)

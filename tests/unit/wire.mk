check_PROGRAMS += tests/unit/test_metric tests/unit/test_msg
tests_unit_test_metric_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)
tests_unit_test_msg_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)

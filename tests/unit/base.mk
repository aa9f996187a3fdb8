check_PROGRAMS += tests/unit/test_log tests/unit/test_reference tests/unit/test_conf \
	tests/unit/test_seal tests/unit/test_phone tests/unit/test_birthdate \
	tests/unit/test_secret
tests_unit_test_log_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(JANSSON_LIBS) $(BASE_LIBS)
tests_unit_test_reference_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)
tests_unit_test_conf_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)
tests_unit_test_seal_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)
tests_unit_test_birthdate_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)
tests_unit_test_phone_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)
tests_unit_test_secret_LDADD = $(HOUSE_LIBS) $(CMOCKA_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/unit/test_template tests/unit/test_answer tests/unit/test_letter \
	tests/unit/test_mail tests/unit/test_request
COURIER_TEST_LIBS = $(COURIER_LIBS) $(CMOCKA_LIBS) $(CURL_LIBS) $(EVENT_LIBS) $(BASE_LIBS)
tests_unit_test_template_LDADD = $(COURIER_TEST_LIBS)
tests_unit_test_answer_LDADD = $(COURIER_TEST_LIBS)
tests_unit_test_letter_LDADD = $(COURIER_TEST_LIBS)
tests_unit_test_mail_LDADD = $(COURIER_TEST_LIBS)
tests_unit_test_request_LDADD = $(COURIER_TEST_LIBS)

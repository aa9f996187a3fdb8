PORTAL_TESTS = tests/unit/test_head tests/unit/test_form tests/unit/test_api \
	tests/unit/test_markup tests/unit/test_catalog tests/unit/test_exposition \
	tests/unit/test_proxy tests/unit/test_preview
check_PROGRAMS += $(PORTAL_TESTS)
PORTAL_TEST_LIBS = $(PORTAL_LIBS) $(CMOCKA_LIBS)
tests_unit_test_head_LDADD = $(PORTAL_TEST_LIBS)
tests_unit_test_form_LDADD = $(PORTAL_TEST_LIBS)
tests_unit_test_api_LDADD = $(PORTAL_TEST_LIBS)
tests_unit_test_markup_LDADD = $(PORTAL_TEST_LIBS)
tests_unit_test_catalog_LDADD = $(PORTAL_TEST_LIBS) src/courier/libcourier.a
tests_unit_test_exposition_LDADD = $(PORTAL_TEST_LIBS)
tests_unit_test_preview_LDADD = $(PORTAL_TEST_LIBS)
tests_unit_test_proxy_LDADD = $(PORTAL_TEST_LIBS)

# The manual, in mdoc; "mandoc -Tlint" finds nothing in it.
dist_man_MANS = man/latchkey.8 man/latchkeyd.8 man/latchkey-portal.8 man/latchkey-registrar.8 \
	man/latchkey-courier.8 man/latchkey.conf.5

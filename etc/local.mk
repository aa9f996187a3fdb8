# Examples: an installation never touches what is in /etc.
examplesdir = $(pkgdatadir)/examples
gatewaysdir = $(examplesdir)/gateways
dist_examples_DATA = etc/latchkey.conf etc/alerts.yml
dist_gateways_DATA = etc/gateways/bird.conf etc/gateways/cm.conf etc/gateways/kannel.conf \
	etc/gateways/mail.conf etc/gateways/spryng.conf etc/gateways/twilio.conf

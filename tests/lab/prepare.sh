# shellcheck shell=sh disable=SC2034 # what is set here is used by who sources it
# prepare.sh - for ./demo and ./check: what has to be there before they can work.
# Sourced by both, from the top of the tree; python is Debian's own.

PYTHON=/usr/bin/python3

BUILD_PACKAGES='gcc make autoconf automake pkg-config gettext libc6-dev libevent-dev
	libldap-dev libsasl2-dev libconfig-dev libcurl4-openssl-dev libjansson-dev
	libunistring-dev libsqlite3-dev libssl-dev zlib1g-dev libcmocka-dev'
LAB_PACKAGES='slapd ldap-utils kannel kannel-extras openssl python3 python3-ldap
	python3-requests'
AD_PACKAGES='samba samba-ad-provision samba-dsdb-modules samba-vfs-modules
	libsasl2-modules-gssapi-mit debootstrap debian-archive-keyring'
# Packages that would start servers of their own, and which: ours are private ones.
SERVERS='slapd:slapd kannel:kannel nginx:nginx samba:smbd samba:nmbd samba:samba-ad-dc
	samba-ad-dc:samba-ad-dc winbind:winbind haproxy:haproxy exim4-daemon-light:exim4'

say() {
	printf '%s\n' "$*"
}

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

is_installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# While packages are installed, no server may start by itself, nor may those that came
# with us at the next boot.  Whatever policy the machine had stands again afterwards,
# also when we are interrupted or a package fails.
POLICY=/usr/sbin/policy-rc.d
SAVED_POLICY=
new_servers=

forbid_daemons() {
	for server in $SERVERS; do
		is_installed "${server%:*}" || new_servers="$new_servers ${server#*:}"
	done
	SAVED_POLICY=$(mktemp -d)
	[ ! -e $POLICY ] || cp -a $POLICY "$SAVED_POLICY/policy"
	printf '#!/bin/sh\nexit 101\n' >$POLICY.latchkey
	chmod 755 $POLICY.latchkey
	mv $POLICY.latchkey $POLICY
}

allow_daemons() {
	[ -n "$SAVED_POLICY" ] || return 0
	if [ -e "$SAVED_POLICY/policy" ]; then
		cp -a "$SAVED_POLICY/policy" $POLICY
	else
		rm -f $POLICY
	fi
	rm -rf "$SAVED_POLICY"
	SAVED_POLICY=
	for server in $new_servers; do
		update-rc.d "$server" disable >/dev/null 2>&1 || :
	done
	new_servers=
}

# need_packages NAME... : install those that are missing, and nothing else.
need_packages() {
	command -v dpkg-query >/dev/null ||
		fail "This needs Debian or Ubuntu; elsewhere install what README lists."
	missing=
	for package; do
		is_installed "$package" || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	[ "$(id -u)" = 0 ] || fail "These packages are missing:$missing
Run this once with sudo, or: sudo apt-get install --no-install-recommends$missing"

	say "Installing:$missing"
	trap allow_daemons EXIT
	trap 'exit 130' INT TERM
	forbid_daemons
	log=$(mktemp)
	# shellcheck disable=SC2086 # a list of names
	{
		apt-get update &&
		DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
			-o DPkg::Lock::Timeout=300 $missing
	} >"$log" 2>&1 </dev/null || {
		tail -20 "$log" >&2
		fail "The packages could not be installed; all of it is in $log"
	}
	rm -f "$log"
	allow_daemons
	trap - EXIT INT TERM
}

# need_ad HOW : what a private Active Directory takes; HOW is the way to do without.
need_ad() {
	[ "$(id -u)" = 0 ] || fail "A private Active Directory needs root, as its ports are fixed (389, 636).
Go on with sudo, or without it: $1"
	# shellcheck disable=SC2086 # a list of names
	need_packages $AD_PACKAGES
	# Some releases have the domain controller itself in a package of its own.
	[ -x /usr/sbin/samba ] || need_packages samba-ad-dc
	PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1 $PYTHON -m lab.ground || exit 1
}

# need_axe : what looks at pages for the browser's part; npm comes with some nodes, or alone.
need_axe() {
	command -v npm >/dev/null || need_packages npm
	PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1 $PYTHON -m lab.axe || exit 1
}

# build DIR [CONFIGURE ARGUMENT...] : build in DIR; configure only if that was not done.
build() {
	dir=$1
	shift
	mkdir -p "$dir"
	log=$dir/build.log
	if [ ! -w "$dir" ] || { [ -e "$log" ] && [ ! -w "$log" ]; }; then
		fail "Another user built in $dir; go on with sudo, or first: sudo rm -r $dir"
	fi
	: >"$log"
	if [ ! -x configure ]; then
		say "Preparing the build"
		autoreconf -fi >>"$log" 2>&1 || build_failed
	fi
	if ! is_configured "$dir" "$@"; then
		say "Configuring in $dir"
		[ ! -f "$dir/Makefile" ] || make -C "$dir" clean >>"$log" 2>&1 || :
		(cd "$dir" && ../configure "$@") >>"$log" 2>&1 || build_failed
	fi
	say "Building in $dir"
	make -C "$dir" -j"$(nproc)" >>"$log" 2>&1 || build_failed
}

# Is DIR configured with at least these arguments?
is_configured() {
	[ -f "$1/Makefile" ] && [ -x "$1/config.status" ] || return 1
	had=$("$1/config.status" --config)
	shift
	for argument; do
		case "$had" in
		*"$argument"*) ;;
		*) return 1 ;;
		esac
	done
}

build_failed() {
	tail -30 "$log" >&2
	fail "The build failed; all of it is in $log"
}

# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# What tools/demo and tools/test share: the packages, and build directories. Sourced by them, not
# run on its own. Needs only what a bare Debian 12 has before anything is installed: bash,
# coreutils, dpkg, util-linux (flock).

# Debian's own programs first. The packages below are Debian's, and a python3, meson or ninja from
# somewhere else earlier in PATH (pyenv, pip, /usr/local) may be another version, or lack modules.
PATH=/usr/bin:/bin:/usr/sbin:/sbin${PATH:+:$PATH}
export PATH

setup_repo=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P) || exit 1

# To build and run. dpdk-dev brings dpdk-telemetry.py; libdpdk-dev brings the drivers.
setup_packages_build="gcc g++ meson ninja-build pkgconf python3
	libdpdk-dev dpdk-dev libnuma-dev libpcap-dev libjansson-dev"

# To test as well. clang-14 and its companions by number: another clang-format formats differently.
setup_packages_test="$setup_packages_build
	clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev libcmocka-dev iproute2 doxygen spin"

# What parts that may be left out need (fpcheck, a benchmark beside {fmt}, a test against QuickFIX):
# installed along when we may install at all.
setup_packages_extra="libclang-19-dev libfmt-dev libquickfix-dev"

setup_die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Those of the given packages that are not installed.
setup_missing() {
	local installed package missing=""
	installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package} ' "$@" 2>/dev/null) "
	for package; do
		[[ $installed == *" ii $package "* || $installed == *" hi $package "* ]] ||
			missing+=" $package"
	done
	printf '%s' "${missing# }"
}

# setup_packages build|test: install what is missing, or say which line installs it and stop.
setup_packages() {
	local wanted extra="" missing missing_extra="" as_root=() log name=setup_packages_$1
	read -r -d '' -a wanted <<<"${!name}" || true
	[[ $1 == test ]] && extra=$setup_packages_extra

	if ! command -v dpkg-query >/dev/null; then
		echo "Not a Debian system: not checked that these are installed: ${wanted[*]}"
		return
	fi
	missing=$(setup_missing "${wanted[@]}")
	# shellcheck disable=SC2086
	[[ -z $extra ]] || missing_extra=$(setup_missing $extra)
	[[ -n $missing$missing_extra ]] || return 0

	if ((EUID != 0)); then
		if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
			as_root=(sudo -n)
		elif [[ -n $missing ]]; then
			cat >&2 <<-END
			${0##*/}: these packages are missing, and I may not install them: $missing
			Run this as root, then try again:

			    apt-get update && apt-get install --no-install-recommends $missing

			END
			exit 1
		else
			echo "Not installed, so what needs them is left out: $missing_extra"
			return
		fi
	fi

	printf 'Installing packages: %s ... ' "${missing:+$missing }$missing_extra"
	log=$(mktemp) || setup_die "cannot make a temporary file"
	SECONDS=0
	# apt-get update does not wait for another one, hence our own lock, in a folder of root's. The
	# lists may stay old when the network is away: what is asked for may be there all the same.
	# shellcheck disable=SC2016
	if "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive flock -w 1200 /var/lib/dpkg sh -c '
		apt-get -q -o Acquire::http::Timeout=30 update || echo "apt-get update failed, going on" >&2
		install() {
			apt-get -q -y -o DPkg::Lock::Timeout=600 install --no-install-recommends "$@"
		}
		# shellcheck disable=SC2086
		[ -z "$1" ] || install $1 || exit 1
		for extra in $2; do # one may be there, and another one not
			install "$extra" || echo "left out: $extra" >&2
		done
		' sh "$missing" "$missing_extra" >"$log" 2>&1 </dev/null
	then
		echo "done in $SECONDS s"
		grep '^left out:' "$log" || true
		rm -f "$log"
	else
		echo "failed"
		cat "$log" >&2
		rm -f "$log"
		setup_die "could not install: $missing"
	fi
}

# Whether we can build in $1: ours if it is there, creatable if not. A folder of another user is
# left alone even by root, who would leave files in it that its owner cannot replace.
setup_can_use() {
	if [[ -e $1 ]]; then
		[[ -d $1 && ! -L $1 && -O $1 && -w $1 && -x $1 ]]
	else
		mkdir -p -- "$1" 2>/dev/null
	fi
}

# setup_build_place NAME: set $setup_place to a directory to build in, made if need be:
# $FABLEPOOL_BUILD/NAME, or build-NAME in the tree (an empty NAME is $FABLEPOOL_BUILD itself, or
# build-demo); when the tree is not ours to write to, a
# directory in the user's cache, then in /tmp. The last two are named after the tree's path, so
# that the next run finds what this one has built.
setup_build_place() {
	local key runtime
	if [[ -n ${FABLEPOOL_BUILD:-} ]]; then
		setup_place=$FABLEPOOL_BUILD${1:+/$1}
		[[ $setup_place == /* ]] || setup_place=$PWD/$setup_place
		# Named by the user, who may well have named a link.
		mkdir -p -- "$setup_place" && setup_place=$(cd -- "$setup_place" && pwd -P) &&
			[[ -w $setup_place ]] || setup_die "cannot write to $setup_place"
		return
	fi
	setup_place=$setup_repo/build-${1:-demo}
	setup_can_use "$setup_place" && return
	key=$(printf %s "$setup_repo" | cksum)
	key=${key%% *}
	runtime=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
	if [[ $runtime == /* ]]; then
		setup_place=$runtime/fablepool/$key/build-${1:-demo}
		setup_can_use "$setup_place" && return
	fi
	runtime=${TMPDIR:-/tmp}/fablepool-$EUID-$key
	mkdir -m 700 -- "$runtime" 2>/dev/null
	if [[ -L $runtime || ! -O $runtime ]]; then
		# The name was taken by somebody else.
		runtime=$(mktemp -d "${TMPDIR:-/tmp}/fablepool-XXXXXX") || setup_die "cannot write to /tmp"
	fi
	setup_place=$runtime/build-${1:-demo}
	setup_can_use "$setup_place" || setup_die "cannot write to $setup_place"
}

# setup_build DIR LOG CC MESON-OPTION...: configure DIR if it is not yet configured in this way, and
# build. The caller holds the lock of DIR; the output goes to LOG. What we keep in DIR ourselves is
# called .fablepool-*; a directory that meson was run in by hand is built as it is.
setup_build() {
	local dir=$1 log=$2 cc=$3 cxx stamp=$1/.fablepool-setup wanted
	shift 3
	case $cc in
	*clang*) cxx=${cc/clang/clang++} ;;
	*) cxx=${cc/gcc/g++} ;;
	esac
	: >"$log" || return 1
	# Whatever makes an existing configuration useless when it changes; the tree's place, for one.
	wanted="$setup_repo | $cc | $(${cc} -dumpversion 2>/dev/null) | $(meson --version)"
	wanted+=" | ${CFLAGS-} | ${LDFLAGS-} | $*"

	if [[ -e $stamp && $(<"$stamp") != "$wanted" ]]; then
		find "$dir" -mindepth 1 -maxdepth 1 ! -name '.fablepool-l*' -exec rm -rf {} +
	elif [[ ! -e $stamp && ! -e $dir/build.ninja ]] &&
		[[ -n $(find "$dir" -mindepth 1 -maxdepth 1 ! -name '.fablepool-*' -print -quit) ]]; then
		echo "$dir has files in it, and is not a build directory" >>"$log"
		return 1
	fi
	if [[ ! -e $dir/build.ninja ]]; then
		# Not yet what is wanted: an interrupted configuration is thus begun again.
		echo incomplete >"$stamp"
		CC=$cc CXX=$cxx meson setup "$@" "$dir" "$setup_repo" >>"$log" 2>&1 </dev/null || return 1
		printf '%s\n' "$wanted" >"$stamp"
	fi
	ninja -C "$dir" >>"$log" 2>&1 </dev/null
}

/** The real parts that tests run against: a broker, a time-series database, a browser, a Japanese font. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { BootstrapError, capture, say } from './shared.mjs';

const parts = [
	{ debian: 'mosquitto', brew: 'mosquitto', what: 'MQTT broker', present: () => onPath('mosquitto') },
	{ debian: 'influxdb', brew: 'influxdb@1', what: 'InfluxDB 1.x', present: () => onPath('influxd') },
	{
		debian: 'chromium',
		brew: '--cask chromium',
		what: 'browser',
		present: () =>
			['chromium', 'chromium-browser', 'google-chrome'].some(onPath) ||
			['Chromium', 'Google Chrome'].some((name) => existsSync(`/Applications/${name}.app`)),
	},
	// macOS has Japanese fonts of its own.
	{
		debian: 'fonts-noto-cjk',
		brew: null,
		what: 'Japanese font',
		present: () => process.platform === 'darwin' || hasJapaneseFont(),
	},
	{ debian: 'openssl', brew: 'openssl', what: 'certificates for TLS tests', present: () => onPath('openssl') },
];

/** @param {string} program */
function onPath(program) {
	const folders = [
		...(process.env.PATH ?? '').split(delimiter),
		'/usr/sbin',
		'/usr/bin',
		'/usr/local/sbin',
		'/usr/local/bin',
		'/opt/homebrew/bin',
	];
	return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}

function hasJapaneseFont() {
	const folders = [
		'/usr/share/fonts/opentype/noto',
		'/usr/share/fonts/noto-cjk',
		'/usr/share/fonts/google-noto-sans-cjk-fonts',
		'/usr/share/fonts/google-noto-cjk',
	];
	if (folders.some((folder) => existsSync(folder) && readdirSync(folder).some((name) => name.includes('CJK')))) return true;
	return onPath('fc-list') && (spawnSync('fc-list', [':lang=ja', 'family'], { encoding: 'utf8' }).stdout ?? '').trim() !== '';
}

/**
 * Installs what the tests need and this machine lacks. Says what it does; starts no service.
 * `JUNKAI_SYSTEM_PACKAGES=skip` goes on without: the tests that need them then fail.
 */
export async function ensureSystemPackages() {
	const missing = parts.filter((part) => !part.present());
	if (missing.length === 0) return;
	const list = missing.map((part) => `${part.debian} (${part.what})`).join(', ');
	if (process.env.JUNKAI_SYSTEM_PACKAGES === 'skip') {
		say(`going on without ${list}, as JUNKAI_SYSTEM_PACKAGES=skip asks; tests that need them will fail`);
		return;
	}
	if (process.platform === 'darwin') {
		const commands = missing.filter((part) => part.brew !== null).map((part) => `brew install ${part.brew}`);
		throw new BootstrapError(
			`the tests run against real parts that are missing: ${list}.\nInstall them with:\n  ${commands.join('\n  ')}`,
		);
	}
	const names = missing.map((part) => part.debian);
	const byHand = `apt-get update && apt-get install --no-install-recommends ${names.join(' ')}`;
	if (!existsSync('/usr/bin/apt-get')) {
		throw new BootstrapError(
			`the tests run against real parts that are missing: ${list}.\nInstall them with this system's package manager (on Debian: ${byHand}).`,
		);
	}
	const asRoot = rootCommand();
	if (asRoot === null) {
		throw new BootstrapError(
			`the tests run against real parts that are missing: ${list}.\nThis user may not install them. Run, as root:\n  ${byHand}`,
		);
	}
	say(`installing Debian packages for the tests: ${names.join(', ')} (their services are not started)…`);
	const result = await capture('/usr/bin/env', [...asRoot, '/bin/sh', '-c', installScript, 'sh', ...names], { env: process.env });
	const still = missing.filter((part) => !part.present());
	if (result.code !== 0 || still.length > 0) {
		const tail = result.output.split('\n').slice(-15).join('\n');
		throw new BootstrapError(
			`${tail}\n\njunkai: apt-get could not install ${(still.length > 0 ? still : missing).map((part) => part.debian).join(', ')}. Check the network and /etc/apt/sources.list, or run by hand, as root:\n  ${byHand}`,
		);
	}
	say(`installed in ${result.seconds.toFixed(0)} s`);
}

function rootCommand() {
	if (process.getuid?.() === 0) return [];
	return onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null;
}

/**
 * Debian starts and enables the services of mosquitto and influxdb as it installs them, on ports that Junkai itself uses.
 * A policy file forbids the start for the time of the install (a policy of the machine's own is left in place), and
 * afterwards the two are disabled, as they were before: not there. Only packages that were missing ever get here.
 */
const installScript = `
set -eu
policy=/usr/sbin/policy-rc.d
ours=
cleanup() { if [ -n "$ours" ]; then rm -f "$policy"; fi; }
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
if [ ! -e "$policy" ]; then
	ours=1
	printf '#!/bin/sh\\nexit 101\\n' > "$policy"
	chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q -o DPkg::Lock::Timeout=120
apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
for name in "$@"; do
	case "$name" in mosquitto|influxdb)
		if command -v systemctl > /dev/null; then systemctl disable --quiet "$name" || true; fi
		if command -v update-rc.d > /dev/null; then update-rc.d "$name" disable > /dev/null 2>&1 || true; fi ;;
	esac
done
`;

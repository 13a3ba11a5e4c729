/** Whether the operating system's clock is synchronised, asked at most once in half a minute and never waiting for it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';

const ASK_EVERY = 30_000;

export type SystemClockPolicy = 'auto' | 'trusted' | 'untrusted';

/**
 * Answers from memory; asks systemd-timesyncd's mark and `timedatectl` in the background. A machine that offers neither
 * counts as not synchronised: say `clock.system: trusted` where another daemon keeps the time.
 */
export function systemClock(policy: SystemClockPolicy): () => boolean {
	if (policy !== 'auto') return () => policy === 'trusted';
	let synchronised = existsSync('/run/systemd/timesync/synchronized');
	let asked = -Infinity;
	return () => {
		const now = performance.now();
		if (now - asked >= ASK_EVERY) {
			asked = now;
			execFile('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeout: 5000 }, (error, stdout) => {
				synchronised = error === null ? stdout.trim() === 'yes' : existsSync('/run/systemd/timesync/synchronized');
			});
		}
		return synchronised;
	};
}

/** Whether somebody looks at the waveforms: a lease that the server renews, and that ends by itself when the server dies. */
import type { Command, Signal } from '@junkai/contracts';

export class Watch {
	#until = -Infinity;
	#signals: readonly Signal[] = [];

	/** Takes a watch order at the monotonic time `at`. */
	order(command: Extract<Command, { type: 'watch' }>, at: number): void {
		this.#until = command.lease === 0 ? -Infinity : at + command.lease * 1000;
		this.#signals = command.signals;
	}

	active(at: number): boolean {
		return at < this.#until && this.#signals.length > 0;
	}
}

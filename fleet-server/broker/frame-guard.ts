/**
 * Watches the length that each MQTT packet announces, so that a peer cannot make the parser collect hundreds of megabytes
 * before anyone has looked at who it is. MQTT 3.1.1 §2.2.3: one byte of type, then the remaining length in 1 to 4 bytes of 7 bits.
 */
export class FrameGuard {
	readonly #limit: number;
	/** Bytes of the current packet's body still to come; -1 while the header is read. */
	#body = -1;
	#headerBytes = 0;
	#length = 0;

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** False when a packet in these bytes announces more than the limit, or its length field is broken. */
	check(bytes: Uint8Array): boolean {
		let at = 0;
		while (at < bytes.length) {
			if (this.#body >= 0) {
				const step = Math.min(this.#body, bytes.length - at);
				this.#body -= step;
				at += step;
				if (this.#body === 0) this.#startPacket();
				continue;
			}
			const byte = bytes[at++]!;
			if (this.#headerBytes++ === 0) continue;
			if (this.#headerBytes > 5) return false;
			this.#length += (byte & 0x7f) * 128 ** (this.#headerBytes - 2);
			if ((byte & 0x80) !== 0) continue;
			if (this.#length > this.#limit) return false;
			this.#body = this.#length;
			if (this.#body === 0) this.#startPacket();
		}
		return true;
	}

	#startPacket(): void {
		this.#body = -1;
		this.#headerBytes = 0;
		this.#length = 0;
	}
}

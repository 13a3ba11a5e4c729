import type { AbsentReason, ReadingCode } from '@junkai/contracts';
import type { DriverReading } from '../driver.ts';

/** A reading that has no value, and why. */
export function absent(code: ReadingCode, reason: AbsentReason): DriverReading {
	return { type: 'reading', code, absent: reason };
}

/** A reading with a value, and the doubts that the device has about it. */
export function measured(code: ReadingCode, value: number, questionable: readonly AbsentReason[] = []): DriverReading {
	const reading: DriverReading = { type: 'reading', code, value };
	if (questionable.length > 0) reading.questionable = [...questionable];
	return reading;
}

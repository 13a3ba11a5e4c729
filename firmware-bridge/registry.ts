import { nonin } from './devices/nonin.ts';
import { pm6750 } from './devices/pm6750.ts';
import type { DriverFacts } from './driver.ts';
import { nmea } from './gnss/nmea.ts';

/** Every driver by its id. */
export const drivers: Readonly<Record<string, DriverFacts>> = Object.freeze({ nmea, nonin, pm6750 });

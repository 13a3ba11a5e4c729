/** Bytes of medical and positioning devices to records. */
export * from './driver.ts';
export { drivers } from './registry.ts';
export { decode, plain, type PlainOutput, type PlainWaveform } from './decode.ts';
export { FirmwareBridgeError } from './error.ts';
export { nmea } from './gnss/nmea.ts';
export { nonin } from './devices/nonin.ts';
export { pm6750, PM6750_LEADS } from './devices/pm6750.ts';

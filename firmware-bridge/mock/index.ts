/** Emulators of the devices that the drivers read, for tests, demonstrations and simulators. */
export * from './emulator.ts';
export * from './sources.ts';
export * from './nmea.ts';
export * from './nonin.ts';
export * from './pm6750.ts';
export type { CuffFaults } from './pm6750-cuff.ts';

/** Vans that are not there, and the parts that they are made of: useful one by one in tests. */
export { startSim, type SimOptions, type Simulation, type SimVan, type VanCredentials } from './simulation.ts';
export { spawnEmulatorHost, type EmulatorHost, type HostListener } from './pty/host.ts';
export { createPty, PtyPort, type PtyStats } from './pty/pty-port.ts';
export type { FaultSettings, PortSpec, SentSamples } from './pty/messages.ts';
export { emulatedDevices, type EmulatedDevice, type EmulatorSpec } from './emulators.ts';
export { startRadio, type Radio, type RadioOptions, type RadioState, type RadioStats } from './radio.ts';
export { RoadNetwork, type Drive, type Path } from './road-network.ts';
export { firstVisit, planDay, startAt, vanAt, type DayPlan, type VanPlace } from './journey.ts';
export { FleetAtWork, type FleetAtWorkOptions } from './fleet-at-work.ts';
export { type Crew, type CrewEvent } from './crews.ts';
export type { Office } from './office.ts';
export { silences, type Silence } from './schedule.ts';
export { patientCases, SimulatedPatient, type PatientCase } from './patient.ts';
export { replay, type ReplayOptions } from './replay/replay.ts';
export { SimError, type SimErrorCode } from './sim-error.ts';
export { randomFrom } from './random.ts';

/** Facts of the regions that Junkai serves or demonstrates: places, roads, closures and radio coverage. */
export { loadRegion, regionStamp } from './load.ts';
export { regionMap } from './map.ts';
export { checkRegion, distanceToRoad } from './check.ts';
export { coverageOf, type Coverage, type RadioState } from './coverage.ts';
export { RegionError, type RegionErrorCode } from './region-error.ts';
export { course, distanceKm, lineKm, partOfLine, pointAlong, type LonLat } from './geometry.ts';
export type {
	Closure,
	Facility,
	FacilityRole,
	Municipality,
	Neighbour,
	OldMunicipality,
	RadioGap,
	Region,
	Road,
	RoadClass,
	Round,
	Scenario,
	Settlement,
	SpeedProfile,
} from './schema.ts';

/**
 * Valhalla's configuration. Its own generator is a Python script; what stands here is what the parts that are used insist on,
 * with limits for a fleet's work (https://valhalla.github.io/valhalla/).
 */
import { join } from 'node:path';

/** Places of one matrix request: the adapter splits larger tables. */
export const MATRIX_PLACES = 250;
export const ROUTE_PLACES = 200;

const mode = {
	max_distance: 5_000_000,
	max_locations: 2 * MATRIX_PLACES,
	max_matrix_distance: 2_000_000,
	max_matrix_location_pairs: MATRIX_PLACES * MATRIX_PLACES,
};
const quiet = { type: '', color: false };
/** How far into the smaller roads a search may go on before it keeps to the larger ones: all the way. */
const everywhere = { max_up_transitions: { 1: 1_000_000, 2: 1_000_000 }, expand_within_distance: { 0: 1e8, 1: 1e8, 2: 1e8 } };
const allowEverywhere = {
	max_allowed_up_transitions: { 1: 1_000_000, 2: 1_000_000 },
	max_expand_within_distance: { 0: 1e8, 1: 1e8, 2: 1e8 },
};

/** For tiles in `directory`. `whole`: search every road at any distance: exact, and quick as long as the map is small. */
export function valhallaConfig(directory: string, whole: boolean): Record<string, unknown> {
	return {
		mjolnir: {
			tile_dir: join(directory, 'tiles'),
			max_cache_size: 500_000_000,
			id_table_size: 100_000_000,
			concurrency: 2,
			max_concurrent_reader_users: 1,
			hierarchy: true,
			// A shortcut across several edges cannot be closed by one of them.
			shortcuts: !whole,
			include_bicycle: false,
			include_pedestrian: false,
			include_driving: true,
			include_driveways: true,
			reclassify_links: false,
			data_processing: {
				infer_internal_intersections: !whole,
				infer_turn_channels: !whole,
				apply_country_overrides: false,
				use_admin_db: false,
				grid_divisions_within_tile: 32,
			},
			logging: quiet,
		},
		additional_data: {},
		loki: {
			actions: ['locate', 'route', 'sources_to_targets', 'isochrone', 'trace_route', 'trace_attributes', 'status'],
			use_connectivity: false,
			service_defaults: {
				radius: 0,
				// A cut-off road is a road: its places are unreachable, not moved to the next one.
				minimum_reachability: 0,
				search_cutoff: 35_000,
				node_snap_tolerance: 5,
				street_side_tolerance: 5,
				street_side_max_distance: 1000,
				heading_tolerance: 60,
			},
			logging: { ...quiet, long_request: 100 },
			service: { proxy: 'ipc:///nowhere' },
		},
		thor: {
			logging: { ...quiet, long_request: 110 },
			// The default was ten times slower on a map of this size and took a gigabyte.
			source_to_target_algorithm: 'timedistancematrix',
			service: { proxy: 'ipc:///nowhere' },
			max_reserved_labels_count_astar: 200_000,
			max_reserved_labels_count_bidir_astar: 100_000,
			max_reserved_labels_count_dijkstras: 400_000,
			max_reserved_labels_count_bidir_dijkstras: 200_000,
			clear_reserved_memory: false,
			extended_search: false,
			costmatrix: { check_reverse_connection: true, allow_second_pass: false, max_reserved_locations: 25 },
			...(whole && {
				bidirectional_astar: { threshold_delta: 420, hierarchy_limits: everywhere },
				unidirectional_astar: { hierarchy_limits: everywhere },
			}),
		},
		odin: {
			logging: quiet,
			service: { proxy: 'ipc:///nowhere' },
			markup_formatter: { markup_enabled: false },
		},
		meili: {
			mode: 'auto',
			customizable: ['mode', 'search_radius', 'turn_penalty_factor', 'gps_accuracy', 'interpolation_distance', 'breakage_distance'],
			verbose: false,
			default: {
				sigma_z: 4.07,
				gps_accuracy: 5,
				beta: 3,
				max_route_distance_factor: 5,
				max_route_time_factor: 5,
				max_search_radius: 1000,
				breakage_distance: 2000,
				interpolation_distance: 10,
				search_radius: 50,
				geometry: false,
				route: true,
				turn_penalty_factor: 0,
			},
			auto: { turn_penalty_factor: 200, search_radius: 50 },
			logging: quiet,
			service: { proxy: 'ipc:///nowhere' },
			grid: { size: 500, cache_size: 100_240 },
		},
		service_limits: {
			auto: mode,
			truck: mode,
			// Never asked for, yet insisted on.
			pedestrian: { ...mode, min_transit_walking_distance: 1, max_transit_walking_distance: 10_000 },
			skadi: { max_shape: 750_000, min_resample: 10 },
			isochrone: { max_contours: 4, max_time_contour: 120, max_distance: 25_000, max_locations: 1, max_distance_contour: 200 },
			trace: {
				max_distance: 1_000_000,
				max_gps_accuracy: 100,
				max_search_radius: 1000,
				max_shape: 16_000,
				max_alternates: 0,
				max_alternates_shape: 100,
			},
			status: { allow_verbose: false },
			max_exclude_locations: 1000,
			max_exclude_polygons_length: 1_000_000,
			max_reachability: 100,
			max_radius: 2000,
			max_timedep_distance: 500_000,
			max_timedep_distance_matrix: 0,
			max_alternates: 0,
			hierarchy_limits: {
				allow_modification: false,
				costmatrix: { max_allowed_up_transitions: { 1: 400, 2: 100 } },
				unidirectional_astar: whole ? allowEverywhere : limitsOfLargeMaps(100_000),
				bidirectional_astar: whole ? allowEverywhere : limitsOfLargeMaps(20_000),
			},
			allow_hard_exclusions: false,
		},
	};
}

const limitsOfLargeMaps = (within: number) => ({
	max_allowed_up_transitions: { 1: 400, 2: 100 },
	max_expand_within_distance: { 0: 1e8, 1: within, 2: 5000 },
});

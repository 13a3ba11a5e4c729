/** What a site may set about the map without building anew: `/config.json` beside the pages. */
import { z } from 'zod';

const config = z.object({
	/** A MapLibre style that replaces the built-in base map; vans, track and radio gaps are drawn over it. */
	styleUrl: z.string().min(1).nullable().default(null),
	/** Font stack that the style's glyph server has; needed for Latin text on such a style. */
	textFont: z.array(z.string()).nullable().default(null),
});
export type MapConfig = z.infer<typeof config>;

let known: Promise<MapConfig> | undefined;

/** A missing or faulty file means the built-in base map. */
export function mapConfig(): Promise<MapConfig> {
	known ??= fetch('/config.json')
		.then((response) => response.json())
		.catch(() => ({}))
		.then((found: unknown) => config.safeParse(found).data ?? config.parse({}));
	return known;
}

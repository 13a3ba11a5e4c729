/** What the dispatcher is about to do, beside looking: it stands in the address too, so that a reload goes on with it. */
import { setQueryPart, useQueryPart } from '../../../app/router.tsx';

/** Close roads by drawing, by rainfall, by choosing them; tell of an incident; mend the plan. */
export const tools = ['draw', 'rain', 'roads', 'incident', 'mend'] as const;
export type Tool = (typeof tools)[number];

const toolName = 'tool';
const boardName = 'board';

/** Opens a tool; null closes it. */
export function openTool(tool: Tool | null): void {
	if (tool !== 'mend') setQueryPart(boardName, null);
	setQueryPart(toolName, tool);
}

export function useTool(): Tool | null {
	const text = useQueryPart(toolName);
	return tools.find((tool) => tool === text) ?? null;
}

/** The plan in the making that is looked at while mending. */
export const useMendBoard = (): string | null => useQueryPart(boardName);
export const openMendBoard = (board: string | null): void => setQueryPart(boardName, board);

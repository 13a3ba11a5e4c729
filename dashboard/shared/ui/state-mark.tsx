/** A state as a shape: told apart without colour, and always beside a word. */
export type MarkKind = 'good' | 'wait' | 'warn' | 'bad' | 'off';

const shapes: Record<MarkKind, React.ReactNode> = {
	good: <circle cx="8" cy="8" r="5" fill="currentColor" />,
	wait: <circle cx="8" cy="8" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="2.6 1.8" />,
	warn: <path d="M8 2 14.5 13.5H1.5Z" fill="currentColor" />,
	bad: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" stroke="currentColor" strokeWidth="2.8" strokeLinecap="round" />,
	off: <circle cx="8" cy="8" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.8" />,
};

export function StateMark({ kind }: { kind: MarkKind }) {
	return (
		<svg className={`mark mark-${kind}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
			{shapes[kind]}
		</svg>
	);
}

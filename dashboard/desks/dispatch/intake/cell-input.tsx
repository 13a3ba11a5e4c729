import { useEffect, useId, useState, type ReactNode } from 'react';

interface Props {
	label: ReactNode;
	value: string;
	faulty: boolean;
	/** Id of the text that says what is wrong. */
	describedBy?: string | undefined;
	disabled?: boolean;
	onChange: (value: string) => void;
}

/** A cell of the spreadsheet, put right in its place: kept when it is left or with Enter, as it was with Escape. */
export function CellInput({ label, value, faulty, describedBy, disabled = false, onChange }: Props) {
	const id = useId();
	const [text, setText] = useState(value);
	useEffect(() => setText(value), [value]);
	const keep = () => {
		if (text !== value) onChange(text);
	};
	return (
		<span className="cell-input">
			<label htmlFor={id}>{label}</label>
			<input
				id={id}
				value={text}
				disabled={disabled}
				maxLength={500}
				autoComplete="off"
				aria-invalid={faulty || undefined}
				aria-describedby={describedBy}
				onChange={(event) => setText(event.target.value)}
				onBlur={keep}
				onKeyDown={(event) => {
					if (event.key === 'Enter') keep();
					if (event.key === 'Escape') setText(value);
				}}
			/>
		</span>
	);
}

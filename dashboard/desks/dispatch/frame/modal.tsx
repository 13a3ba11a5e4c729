/** A dialog over the page: the browser keeps the focus in it, Escape or a click beside it closes it. */
import { useEffect, useId, useRef, type ReactNode } from 'react';

interface Props {
	title: string;
	/** The title is only told, not shown. */
	quiet?: boolean;
	className: string;
	onClose: () => void;
	children: ReactNode;
}

export function Modal({ title, quiet = false, className, onClose, children }: Props) {
	const ref = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const dialog = ref.current;
		if (dialog !== null && !dialog.open) dialog.showModal();
	}, []);
	return (
		<dialog
			ref={ref}
			className={`modal ${className}`}
			aria-labelledby={id}
			onClose={onClose}
			onClick={(event) => {
				if (event.target === ref.current) ref.current.close();
			}}
		>
			<div className="modal-body">
				<h2 id={id} className={quiet ? 'visually-hidden' : undefined}>
					{title}
				</h2>
				{children}
			</div>
		</dialog>
	);
}

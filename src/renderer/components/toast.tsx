import { AlertCircle, CheckCircle2, Info, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { useTranslation } from '../i18n/use-translation.tsx';
import { Button, IconButton } from './button.tsx';

interface ToastMessage {
  readonly id: number;
  readonly tone: 'info' | 'good' | 'bad';
  readonly text: string;
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

const useToasts = create<{ readonly list: readonly ToastMessage[] }>(() => ({ list: [] }));
let lastId = 0;

const dismiss = (id: number): void =>
  useToasts.setState(({ list }) => ({ list: list.filter((message) => message.id !== id) }));

/** Says in passing that something happened. Never the only place where a failure is said. */
export function toast(
  tone: ToastMessage['tone'],
  text: string,
  more: Pick<ToastMessage, 'detail' | 'action'> = {},
): void {
  lastId += 1;
  const message = { id: lastId, tone, text, ...more };
  useToasts.setState(({ list }) => ({ list: [...list.slice(-2), message] }));
}

const icons = {
  info: <Info />,
  good: <CheckCircle2 className="text-green" />,
  bad: <AlertCircle className="text-red" />,
};

function ToastCard({ message }: { readonly message: ToastMessage }) {
  const { t } = useTranslation();
  const { id, action } = message;
  // What is being read or pointed at does not vanish under the pointer, nor does an undo that holds the focus.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), action === undefined ? 5_000 : 10_000);
    return () => clearTimeout(timer);
  }, [id, action, held]);
  return (
    <li
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pop-in pointer-events-auto flex w-[360px] items-start gap-2.5 rounded-lg bg-raised px-3 py-2.5 shadow-pop [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0"
    >
      {icons[message.tone]}
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-semibold text-text-1">{message.text}</p>
        {message.detail !== undefined && <p className="text-text-2">{message.detail}</p>}
      </div>
      {action !== undefined && (
        <Button
          size="sm"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('common.close')} className="-my-0.5 -mr-1 size-6" onClick={() => dismiss(id)}>
        <X />
      </IconButton>
    </li>
  );
}

export function Toaster() {
  const list = useToasts((state) => state.list);
  return (
    <ol
      aria-live="polite"
      className="pointer-events-none -translate-x-1/2 fixed bottom-4 left-1/2 z-[60] flex flex-col gap-2"
    >
      {list.map((message) => (
        <ToastCard key={message.id} message={message} />
      ))}
    </ol>
  );
}

import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { useTranslation } from '../i18n/use-translation.tsx';
import { Button } from './button.tsx';
import { Empty } from './feedback.tsx';

interface Props {
  readonly children: ReactNode;
  /** Another value tries again by itself: another ticket, another screen. */
  readonly resetKey?: string | null;
}
interface State {
  readonly broken: boolean;
  readonly resetKey: string | null;
}

/** A bug in one part of the screen leaves the others standing. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { broken: false, resetKey: this.props.resetKey ?? null };

  static getDerivedStateFromError(): Partial<State> {
    return { broken: true };
  }
  static getDerivedStateFromProps(props: Props, state: State): State | null {
    const resetKey = props.resetKey ?? null;
    return resetKey === state.resetKey ? null : { broken: false, resetKey };
  }
  override render(): ReactNode {
    return this.state.broken ? <Broken onReopen={() => this.setState({ broken: false })} /> : this.props.children;
  }
}

function Broken({ onReopen }: { readonly onReopen: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex h-full items-center justify-center">
      <Empty
        icon={<TriangleAlert />}
        title={t('crash.title')}
        body={t('crash.body')}
        action={
          <div className="flex gap-2">
            <Button onClick={onReopen}>{t('crash.reopen')}</Button>
            <Button tone="ghost" onClick={() => window.location.reload()}>
              {t('crash.reload')}
            </Button>
          </div>
        }
      />
    </div>
  );
}

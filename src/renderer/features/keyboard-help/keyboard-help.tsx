import { actionGroups } from '../../actions/action.ts';
import { useActionContext } from '../../actions/action-provider.tsx';
import { allActions } from '../../actions/all-actions.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useView, viewActs } from '../../state/view-store.ts';

/** Every key there is, read from the actions themselves. */
export function KeyboardHelp() {
  const open = useView((state) => state.overlay === 'keyboard');
  return open ? <OpenHelp /> : null;
}

function OpenHelp() {
  const { t } = useTranslation();
  const context = useActionContext();
  return (
    <Dialog open onClose={viewActs.closeOverlay} width="lg" title={t('keyboard.title')} footnote={t('keyboard.now')}>
      <div className="columns-2 gap-10">
        {actionGroups.map((group) => {
          const actions = allActions.filter((action) => action.group === group && action.keys !== undefined);
          if (actions.length === 0) return null;
          return (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-2xs text-text-3">{t(`keyboard.groups.${group}`)}</h3>
              <dl>
                {actions.map((action) => (
                  <div
                    key={action.name}
                    className={cx(
                      'flex h-7 items-center gap-3 border-line-soft border-b text-sm',
                      !action.enabled(context) && 'opacity-50',
                    )}
                  >
                    <dt className="min-w-0 flex-1 truncate">{t(action.label)}</dt>
                    <dd className="flex gap-2">
                      {action.keys?.map((keys) => (
                        <Kbd key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}

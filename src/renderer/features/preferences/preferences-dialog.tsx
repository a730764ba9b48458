import { usePreferences } from '../../client/use-preferences.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';
import { cx } from '../../lib/cx.ts';
import { useView, viewActs } from '../../state/view-store.ts';

export function PreferencesDialog() {
  const open = useView((state) => state.overlay === 'preferences');
  return open ? <OpenPreferences /> : null;
}

function OpenPreferences() {
  const { t } = useTranslation();
  const { preferences, save } = usePreferences();
  const host = useQuery('host.info', {}, ['host']).data;
  return (
    <Dialog
      open
      onClose={viewActs.closeOverlay}
      width="sm"
      title={t('preferences.title')}
      footnote={
        host !== undefined &&
        t('preferences.about', {
          version: host.version,
          host: t(`preferences.hosts.${host.host}`),
          platform: host.platform,
        })
      }
      actions={<Button onClick={viewActs.closeOverlay}>{t('common.close')}</Button>}
    >
      <div className="flex flex-col gap-5">
        <Choice
          label={t('preferences.language')}
          value={preferences?.language ?? 'es'}
          options={[
            ['es', t('preferences.languages.es')],
            ['en', t('preferences.languages.en')],
          ]}
          onChange={(language) => void save({ language })}
        />
        <Choice
          label={t('preferences.theme')}
          value={preferences?.theme ?? 'system'}
          options={[
            ['system', t('preferences.themes.system')],
            ['light', t('preferences.themes.light')],
            ['dark', t('preferences.themes.dark')],
          ]}
          onChange={(theme) => void save({ theme })}
        />
        <Choice
          label={t('preferences.density')}
          value={preferences?.density ?? 'comfortable'}
          options={[
            ['comfortable', t('preferences.densities.comfortable')],
            ['compact', t('preferences.densities.compact')],
          ]}
          onChange={(density) => void save({ density })}
        />
      </div>
    </Dialog>
  );
}

interface ChoiceProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly (readonly [V, string])[];
  readonly onChange: (value: V) => void;
}

/** A few values side by side; arrow keys move among them as in any group of radio buttons. */
function Choice<V extends string>({ label, value, options, onChange }: ChoiceProps<V>) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold text-xs">{label}</legend>
      <div className="flex gap-1 rounded-lg bg-hover p-1">
        {options.map(([option, text]) => (
          <label
            key={option}
            className={cx(
              'flex h-7 flex-1 items-center justify-center rounded-md text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent',
              option === value ? 'bg-panel font-semibold text-text-1 shadow-low' : 'text-text-2 hover:text-text-1',
            )}
          >
            <input
              type="radio"
              name={label}
              checked={option === value}
              onChange={() => onChange(option)}
              className="sr-only"
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

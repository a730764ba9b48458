import { useMemo } from 'react';
import type { Team } from '../../../domain/directory.ts';
import { useDirectory } from '../../client/use-directory.ts';
import { useSession } from '../../client/use-session.ts';
import { Avatar } from '../../components/avatar.tsx';
import { Combobox, type Option } from '../../components/combobox.tsx';
import { TierStrokes } from '../../components/tier-strokes.tsx';
import { useTranslation } from '../../i18n/use-translation.tsx';

interface PickerProps {
  readonly id: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  readonly invalid?: boolean;
}

/** Active teams that `fits` lets through, by tier and name. */
export function useTeams(fits: (team: Team) => boolean): readonly Team[] {
  const { teams } = useDirectory();
  return teams
    .filter((team) => team.active && fits(team))
    .toSorted((a, b) => a.tier - b.tier || a.name.localeCompare(b.name, 'es'));
}

export function TeamPicker({
  id,
  value,
  onChange,
  invalid = false,
  teams,
}: PickerProps & { readonly teams: readonly Team[] }) {
  const { t } = useTranslation();
  const { membersOf } = useDirectory();
  const options = teams.map((team) => ({
    value: team.id,
    label: team.name,
    icon: <TierStrokes tier={team.tier} />,
    detail: team.external ? t('dialogs.external') : t('dialogs.member', { count: membersOf(team.id).length }),
  }));
  return (
    <Combobox
      id={id}
      label={t('dialogs.team')}
      placeholder={t('dialogs.teamPlaceholder')}
      value={value}
      options={options}
      invalid={invalid}
      onChange={onChange}
    />
  );
}

const NOBODY = '';

interface MemberPickerProps extends PickerProps {
  readonly teamId: string | null;
  /** Words of the choice of nobody; absent where somebody must be chosen. */
  readonly nobody?: string;
  readonly exceptId?: string | null;
}

/** A member of the team: nobody else may be given its tickets. */
export function MemberPicker({
  id,
  value,
  onChange,
  invalid = false,
  teamId,
  nobody,
  exceptId = null,
}: MemberPickerProps) {
  const { t } = useTranslation();
  const { membersOf } = useDirectory();
  const { personId: me } = useSession();
  const options = useMemo(() => {
    const members: Option[] = (teamId === null ? [] : membersOf(teamId))
      .filter((person) => person.id !== exceptId)
      .toSorted((a, b) => a.name.localeCompare(b.name, 'es'))
      .map((person) => ({
        value: person.id,
        label: person.name,
        icon: <Avatar name={person.name} size={18} />,
        detail: person.id === me ? t('dialogs.you') : (person.jobTitle ?? undefined),
      }));
    return nobody === undefined
      ? members
      : [{ value: NOBODY, label: nobody, icon: <Avatar name={null} size={18} /> }, ...members];
  }, [membersOf, teamId, exceptId, me, nobody, t]);
  return (
    <Combobox
      id={id}
      label={t('dialogs.person')}
      placeholder={t('dialogs.personPlaceholder')}
      value={value ?? (nobody === undefined ? null : NOBODY)}
      options={options}
      invalid={invalid}
      disabled={teamId === null}
      onChange={(chosen) => onChange(chosen === NOBODY ? null : chosen)}
    />
  );
}

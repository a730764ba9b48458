/** The 25 departments of Peru (Callao counted as one, as the regional offices do), with the office that the desk attends. */
export interface Place {
  readonly code: string;
  readonly region: string;
  readonly name: string;
  readonly macro: 'central' | 'north' | 'south' | 'east';
}

const office = (code: string, region: string, macro: Place['macro']): Place => ({
  code,
  region,
  name: code === 'LIM' ? 'DRTPE Lima Metropolitana' : `GRTPE ${region}`,
  macro,
});

export const headquarters: Place = { code: 'SC', region: 'Lima', name: 'Sede Central', macro: 'central' };
export const citizenCentre: Place = {
  code: 'CAC',
  region: 'Lima',
  name: 'Centro de Atención al Ciudadano - Lima',
  macro: 'central',
};

export const offices: readonly Place[] = [
  office('AMA', 'Amazonas', 'north'),
  office('ANC', 'Áncash', 'north'),
  office('APU', 'Apurímac', 'south'),
  office('ARE', 'Arequipa', 'south'),
  office('AYA', 'Ayacucho', 'south'),
  office('CAJ', 'Cajamarca', 'north'),
  office('CAL', 'Callao', 'central'),
  office('CUS', 'Cusco', 'south'),
  office('HUV', 'Huancavelica', 'central'),
  office('HUC', 'Huánuco', 'east'),
  office('ICA', 'Ica', 'central'),
  office('JUN', 'Junín', 'central'),
  office('LAL', 'La Libertad', 'north'),
  office('LAM', 'Lambayeque', 'north'),
  office('LIM', 'Lima', 'central'),
  office('LOR', 'Loreto', 'east'),
  office('MDD', 'Madre de Dios', 'south'),
  office('MOQ', 'Moquegua', 'south'),
  office('PAS', 'Pasco', 'central'),
  office('PIU', 'Piura', 'north'),
  office('PUN', 'Puno', 'south'),
  office('SAM', 'San Martín', 'east'),
  office('TAC', 'Tacna', 'south'),
  office('TUM', 'Tumbes', 'north'),
  office('UCA', 'Ucayali', 'east'),
];

/** Tiers that read files of their own. */
export const GENERATED_TIERS = ['prometheus', 'grafana'] as const;

export type GeneratedTier = (typeof GENERATED_TIERS)[number];

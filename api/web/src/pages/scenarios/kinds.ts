/** What the pieces of the page speak of, by the service's contract. */
import type { components } from '@/service/contract'

type Schemas = components['schemas']
export type OneScenario = Schemas['OneScenario']
export type Resolved = NonNullable<OneScenario['resolved']>
export type Lever = Schemas['PolicyValue']
export type Entry = Schemas['ScenarioChange']
export type Edit = Schemas['ScenarioEdit']
export type RowError = Schemas['RowError']
export type Checked = Schemas['ScenarioChecked']
export type PlanRead = Schemas['PlanRead']
export type Stage = Schemas['StageHead']

/** A policy value: as in TOML. `null` takes the scenario's own word for it away. */
export type Value = string | number | boolean | readonly (string | number)[] | Record<string, number> | null
/** A `[[change]]` as it stands in the file. */
export type Change = Record<string, unknown>
export const OFF = 'off'

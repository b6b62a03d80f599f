/**
 * Environment of every Go build: modules by name through whatever proxy the machine is set up with, never a download of
 * another toolchain (which would make the build depend on the day), static binaries.
 */
export const GO_ENVIRONMENT: Readonly<Record<string, string>> = {
  GOTOOLCHAIN: 'local',
  GOFLAGS: '-mod=mod -buildvcs=false',
  CGO_ENABLED: '0',
};

/** Arguments that leave paths and debug tables out of a binary. */
export const GO_SMALL: readonly string[] = ['-trimpath'];

/** `-ldflags` that strip the binary and state a version the way Prometheus programs print it. */
export function versionFlags(version: string): string {
  return `-ldflags=-s -w -X github.com/prometheus/common/version.Version=${version}`;
}

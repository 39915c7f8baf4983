import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What tells this run of the operating system from every other, or `undefined` where the system does not say. */
export function readBootId(): string | undefined {
  try {
    if (process.platform === "linux") return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    if (process.platform === "darwin") {
      return execFileSync("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" }).trim();
    }
  } catch {
    // Not said either.
  }
  return undefined;
}

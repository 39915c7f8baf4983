import alias from "@pulumi/pulumi/proto/alias_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { describe, expect, test } from "vitest";
import { toStruct } from "../pulumi/rpc.ts";
import { readRegistration } from "./registration.ts";

const { CustomTimeouts, PropertyDependencies, ResourceHooksBinding } = messages.RegisterResourceRequest;

function request(change: (request: RegisterResourceRequest) => void = () => undefined): RegisterResourceRequest {
  const made = new messages.RegisterResourceRequest();
  made.setType("aws:sqs/queue:Queue");
  made.setName("letters");
  made.setCustom(true);
  made.setObject(toStruct({ delaySeconds: 1 }));
  made.setCustomtimeouts(new CustomTimeouts());
  change(made);
  return made;
}

describe("a request to register a resource", () => {
  test("is read with the options that the small engine has", () => {
    const needs = new PropertyDependencies();
    needs.setUrnsList(["urn:b"]);
    const read = readRegistration(
      request((made) => {
        made.setProtect(true);
        made.setIgnorechangesList(["tags"]);
        made.setDeletebeforereplace(true);
        made.setDeletebeforereplacedefined(true);
        made.setVersion("7.48.0");
        made.getPropertydependenciesMap().set("delaySeconds", needs);
      }),
    );
    expect(read).toMatchObject({
      ...{ type: "aws:sqs/queue:Queue", name: "letters", custom: true, inputs: { delaySeconds: 1 } },
      ...{ protect: true, retainOnDelete: false, deleteBeforeReplace: true, ignoreChanges: ["tags"] },
      propertyDependencies: { delaySeconds: ["urn:b"] },
    });
    expect(readRegistration(request()).deleteBeforeReplace).toBeUndefined();
  });

  const timeouts = new CustomTimeouts();
  timeouts.setCreate("5m");
  test.each<[string, (made: RegisterResourceRequest) => void]>([
    ["aliases", (made) => made.setAliasesList([new alias.Alias()])],
    ["customTimeouts", (made) => made.setCustomtimeouts(timeouts)],
    ["deletedWith", (made) => made.setDeletedwith("urn:b")],
    ["envVarMappings", (made) => made.getEnvvarmappingsMap().set("A", "B")],
    ["hideDiffs", (made) => made.setHidediffsList(["a"])],
    ["hooks", (made) => made.setHooks(new ResourceHooksBinding())],
    ["import", (made) => made.setImportid("id-1")],
    ["pluginDownloadURL", (made) => made.setPlugindownloadurl("https://example.com")],
    ["replaceWith", (made) => made.setReplaceWithList(["urn:b"])],
  ])("is refused with a sentence where it uses %s", (option, change) => {
    expect(() => readRegistration(request(change))).toThrow(
      `letters (aws:sqs/queue:Queue) uses ${option}, which the small engine does not have: leave it out`,
    );
  });
});

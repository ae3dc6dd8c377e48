package settings

import (
	"encoding/json"
)

// SchemaVersion is that of the schema. The part before the dot changes when a file that was right becomes wrong.
const SchemaVersion = "1.0"

// Schema is the JSON Schema of a wadjet.toml, which is also that of [tool.wadjet], for editors.
func Schema() ([]byte, error) {
	type object = map[string]any
	texts := object{"oneOf": []any{object{"type": "string"}, object{"type": "array", "items": object{"type": "string"}}}}
	var of func(k Key) object
	table := func(keys []Key) object {
		properties := object{}
		for _, k := range keys {
			properties[k.Name] = of(k)
		}
		return object{"type": "object", "additionalProperties": false, "properties": properties}
	}
	of = func(k Key) object {
		var o object
		switch k.Kind {
		case Text, Path:
			o = object{"type": "string"}
			if k.Name == "python-version" {
				o["pattern"] = pythonVersion.String()
			}
		case Choice:
			o = object{"enum": k.Choices}
		case Flag:
			o = object{"type": "boolean"}
		case Number:
			o = object{"type": "integer", "minimum": 0}
		case Ignores:
			o = object{"type": "object", "additionalProperties": texts}
		case Rules:
			o = object{"type": "object", "additionalProperties": table(ruleKeys)}
		case Policies:
			one := []any{object{"type": "string"}, object{"type": "object", "additionalProperties": false, "required": []string{"url", "sha256"},
				"properties": object{"url": object{"type": "string", "pattern": "^https://"}, "sha256": object{"type": "string", "pattern": "^[0-9a-fA-F]{64}$"}}}}
			o = object{"oneOf": append(one, object{"type": "array", "items": object{"oneOf": one}})}
		case Tables:
			t := table(overrideKeys())
			t["required"] = []string{"paths"}
			o = object{"type": "array", "items": t}
		default:
			o = object{"oneOf": texts["oneOf"]}
		}
		o["description"] = k.Doc
		return o
	}
	schema := table(Keys)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["$id"] = "https://github.com/wadjet-security/wadjet/docs/schema/settings-" + SchemaVersion + ".json"
	schema["title"] = "wadjet.toml, or [tool.wadjet] of pyproject.toml"
	out, err := json.MarshalIndent(schema, "", "  ")
	return append(out, '\n'), err
}

package server

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// object is a JSON object of the description. Its keys are written in order.
type object = map[string]any

// describe serves the OpenAPI 3.1 description of the routes.
// https://spec.openapis.org/oas/v3.1.1.html
func (s *Server) describe(table []route) http.Handler {
	body, err := encode(description(table, s.opts.Version))
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err != nil {
			writeProblem(w, problemOf(err))
			return
		}
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
}

func description(table []route, version string) object {
	d := &describer{schemas: object{}}
	paths := object{}
	for i := range table {
		rt := &table[i]
		item, _ := paths[rt.path].(object)
		if item == nil {
			item = object{}
		}
		item[strings.ToLower(rt.method)] = d.operation(rt)
		paths[rt.path] = item
	}
	return object{
		"openapi": "3.1.1",
		"info": object{
			"title": "kg", "version": version,
			"description": "Claims, their sources, and what analysis makes of them. Answers carry an ETag of the state of the store; errors are problems of RFC 9457.",
		},
		"servers": []object{{"url": apiPrefix}},
		"paths":   paths,
		"components": object{
			"schemas": d.schemas,
			"securitySchemes": object{
				"token": object{"type": "http", "scheme": "bearer", "description": "for writing; beyond loopback for reading too"},
			},
		},
	}
}

type describer struct{ schemas object }

func (d *describer) operation(rt *route) object {
	op := object{"operationId": rt.name, "summary": rt.summary, "responses": d.responses(rt)}
	if rt.doc != "" {
		op["description"] = rt.doc
	}
	var params []object
	for _, p := range rt.params {
		params = append(params, p.describe(rt))
	}
	if params != nil {
		op["parameters"] = params
	}
	if rt.body != "" {
		content := object{}
		for _, media := range rt.takes {
			content[media] = object{}
		}
		op["requestBody"] = object{"description": rt.body, "required": true, "content": content}
	}
	if rt.write {
		op["security"] = []object{{"token": []string{}}}
	}
	return op
}

func (d *describer) responses(rt *route) object {
	ok := object{"description": "the answer"}
	if rt.answer != nil {
		ok["content"] = object{"application/json": object{"schema": d.schema(reflect.TypeOf(rt.answer))}}
	} else {
		ok["content"] = object{rt.produces: object{}}
	}
	failed := object{
		"description": "what is wrong",
		"content":     object{"application/problem+json": object{"schema": d.schema(reflect.TypeFor[Problem]())}},
	}
	out := object{"200": ok, "default": failed}
	if rt.method == http.MethodGet && !rt.fresh {
		out["304"] = object{"description": "the ETag given is that of the state of the store"}
	}
	if strings.Contains(rt.doc, longDoc) && rt.answer != nil {
		out["202"] = object{
			"description": "it takes longer",
			"headers":     object{"Location": object{"description": "the job", "schema": object{"type": "string"}}},
			"content":     object{"application/json": object{"schema": d.schema(reflect.TypeFor[Job]())}},
		}
	}
	return out
}

func (p *param) describe(rt *route) object {
	schema := object{"type": [...]string{"string", "integer", "number", "boolean"}[p.kind]}
	if len(p.enum) > 0 {
		schema["enum"] = p.enum
	}
	if p.low != 0 || p.high != 0 {
		schema["minimum"], schema["maximum"] = p.low, p.high
	}
	if p.def != "" {
		schema["default"] = json.RawMessage(p.def)
		if p.kind == textKind {
			schema["default"] = p.def
		}
	}
	if p.many {
		schema = object{"type": "array", "items": schema}
	}
	out := object{"name": p.name, "in": "query", "description": p.doc, "schema": schema}
	if strings.Contains(rt.path, "{"+p.name+"}") {
		out["in"], out["required"] = "path", true
	}
	return out
}

// schema describes what encoding/json makes of a type. Structs are named.
func (d *describer) schema(t reflect.Type) object {
	switch t.Kind() {
	case reflect.Pointer:
		return object{"anyOf": []any{d.schema(t.Elem()), object{"type": "null"}}}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": d.schema(t.Elem())}
	case reflect.Slice:
		if t == reflect.TypeFor[json.RawMessage]() {
			return object{}
		}
		return object{"type": []string{"array", "null"}, "items": d.schema(t.Elem())}
	}
	if _, ok := d.schemas[t.Name()]; !ok {
		d.schemas[t.Name()] = object{} // breaks circles
		properties, required := object{}, []string{}
		d.fields(t, properties, &required)
		d.schemas[t.Name()] = object{
			"type": "object", "properties": properties, "required": required, "additionalProperties": false,
		}
	}
	return object{"$ref": "#/components/schemas/" + t.Name()}
}

func (d *describer) fields(t reflect.Type, properties object, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			d.fields(f.Type, properties, required)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		of := f.Type
		if options == "omitempty" && of.Kind() == reflect.Pointer {
			of = of.Elem() // absent rather than null
		} else if options != "omitempty" {
			*required = append(*required, name)
		}
		schema := d.schema(of)
		if doc := f.Tag.Get("doc"); doc != "" {
			schema["description"] = doc
		}
		if of.Kind() == reflect.Slice && of != reflect.TypeFor[json.RawMessage]() {
			schema["type"] = "array"
		}
		properties[name] = schema
	}
}

// Command generate writes what is made from the Go types: the JSON Schema of survey files, the
// OpenAPI document, and from that the TypeScript types (by openapi-typescript).
//
//	go run ./scripts/generate
package main

import (
	"log"
	"os"
	"os/exec"

	"github.com/askwell/askwell/collector/api"
)

func main() {
	log.SetFlags(0)
	schema, err := api.SurveySchema()
	check(err)
	check(os.WriteFile("collector/survey/schema.json", append(schema, '\n'), 0o644))
	document, err := api.OpenAPI()
	check(err)
	check(os.WriteFile("sdk/openapi.json", append(document, '\n'), 0o644))
	types := exec.Command("npm", "run", "--silent", "generate")
	types.Dir, types.Stdout, types.Stderr = "sdk", os.Stdout, os.Stderr
	check(types.Run())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

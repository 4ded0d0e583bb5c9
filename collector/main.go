// Command askwell collects survey responses and serves their scores.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker in releases.
var version = ""

func main() {
	var cli CLI
	command := kong.Parse(&cli, kong.Name("askwell"), kong.DefaultEnvars("ASKWELL"),
		kong.Description("Asks a site's visitors the right question at the right moment, and keeps score of the answers."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, command.Command(), &cli); err != nil {
		fmt.Fprintln(os.Stderr, "askwell:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command string, cli *CLI) error {
	switch command {
	case "serve":
		return Serve(ctx, cli.Serve.Config, os.Stdout, os.Stderr)
	case "init":
		return runInit(ctx, cli, os.Stdout)
	case "apply <path>":
		return runApply(ctx, cli, os.Stdout)
	case "key create":
		return runKeyCreate(ctx, cli, os.Stdout)
	}
	_, err := fmt.Println("askwell", versionString())
	return err
}

func versionString() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}

// Command askwell collects survey responses and serves their scores.
package main

import (
	"context"
	"fmt"
	"io"
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
	if err := run(ctx, command.Command(), &cli, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "askwell:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, command string, cli *CLI, stdout, stderr io.Writer) error {
	switch command {
	case "init":
		return runInit(ctx, cli, stdout)
	case "apply <path>":
		return runApply(ctx, cli, stdout)
	case "key create":
		return runKeyCreate(ctx, cli, stdout)
	case "version":
		_, err := fmt.Fprintln(stdout, "askwell", versionString())
		return err
	}
	return Serve(ctx, cli.Serve.Config, stdout, stderr)
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

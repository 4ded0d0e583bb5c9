package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// makeBinaries builds the collector for each platform, packs each beside the licences of what is in it, and writes what
// that is.
func (r *release) makeBinaries(platforms []string) error {
	used := map[string]string{} // versions by module
	built := map[string]string{}
	for _, platform := range platforms {
		system, architecture, ok := strings.Cut(platform, "/")
		if !ok {
			return fmt.Errorf("%q is no platform: say linux/amd64", platform)
		}
		binary := filepath.Join(r.source, "dist", system, architecture, "askwell")
		if system == "windows" {
			binary += ".exe"
		}
		if _, err := r.run([]string{"GOOS=" + system, "GOARCH=" + architecture}, "go", "build", "-trimpath",
			"-ldflags", "-s -w -X main.version="+r.version, "-o", binary, "./collector"); err != nil {
			return err
		}
		info, err := buildinfo.ReadFile(binary)
		if err != nil {
			return err
		}
		for _, module := range info.Deps {
			used[module.Path] = module.Version
		}
		used["std"] = strings.TrimPrefix(info.GoVersion, "go")
		built[system+"_"+architecture] = binary
	}
	modules, err := r.findLicences(used)
	if err != nil {
		return err
	}
	for _, platform := range slices.Sorted(maps.Keys(built)) {
		if err := r.archive(platform, built[platform], notices(modules)); err != nil {
			return err
		}
	}
	return r.writeBill(modules)
}

// start says how to start a binary. The repository's README is about a tree that is not there.
//
//go:embed start.md
var start string

// file is one of an archive.
type file struct {
	name string
	mode fs.FileMode
	data []byte
}

// archive packs a binary, with its licences.
func (r *release) archive(platform, binary string, notices []byte) error {
	name := "askwell_" + r.number() + "_" + platform
	files := []file{
		{name: "THIRD_PARTY_LICENSES.txt", mode: 0o644, data: notices},
		{name: "README.md", mode: 0o644, data: []byte(strings.ReplaceAll(start, "VERSION", r.version))},
	}
	for path, mode := range map[string]fs.FileMode{binary: 0o755, filepath.Join(r.source, "LICENSE"): 0o644} {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files = append(files, file{filepath.Base(path), mode, data})
	}
	for i := range files {
		files[i].name = name + "/" + files[i].name
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	write, ending := tarball, ".tar.gz"
	if strings.HasPrefix(platform, "windows") {
		write, ending = zipFile, ".zip"
	}
	data, err := write(files, r.at)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, name+ending), data, 0o644)
}

// tarball packs files that belong to nobody, and have one time.
func tarball(files []file, at time.Time) ([]byte, error) {
	var out bytes.Buffer
	packed := gzip.NewWriter(&out)
	archive := tar.NewWriter(packed)
	for _, f := range files {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: int64(f.mode), Size: int64(len(f.data)), ModTime: at, Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := archive.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := errors.Join(archive.Close(), packed.Close())
	return out.Bytes(), err
}

func zipFile(files []file, at time.Time) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: at}
		header.SetMode(f.mode)
		to, err := archive.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := to.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return out.Bytes(), err
}

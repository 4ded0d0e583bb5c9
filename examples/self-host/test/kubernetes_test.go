package selfhost

import (
	"maps"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	podsecurity "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// manifests are what a kustomization makes, by kind.
func manifests(t *testing.T, folder string) map[string]string {
	t.Helper()
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, resource := range made.Resources() {
		kinds[resource.GetKind()] = resource.MustYaml()
	}
	return kinds
}

// decode reads a manifest as the type of its kind. What the type does not know is an error, as it is to a cluster.
func decode[T any](t *testing.T, kinds map[string]string, kind string) (object T) {
	t.Helper()
	if err := yaml.UnmarshalStrict([]byte(kinds[kind]), &object); err != nil || kinds[kind] == "" {
		t.Fatalf("%s: %v\n%s", kind, err, kinds[kind])
	}
	return object
}

func TestKubernetesTakesTheManifests(t *testing.T) {
	t.Parallel()
	for folder, kinds := range map[string]string{
		"../kubernetes": "Ingress Namespace NetworkPolicy Service StatefulSet",
		"../litestream": "ConfigMap Ingress Namespace NetworkPolicy Service StatefulSet",
	} {
		t.Run(folder, func(t *testing.T) {
			made := manifests(t, folder)
			if got := slices.Sorted(maps.Keys(made)); strings.Join(got, " ") != kinds {
				t.Errorf("made %s, want %s", got, kinds)
			}
			namespace := decode[corev1.Namespace](t, made, "Namespace")
			set := decode[appsv1.StatefulSet](t, made, "StatefulSet")
			service := decode[corev1.Service](t, made, "Service")
			ingress := decode[networkingv1.Ingress](t, made, "Ingress")
			network := decode[networkingv1.NetworkPolicy](t, made, "NetworkPolicy")
			for _, object := range []metav1.Object{&set, &service, &ingress, &network} {
				if object.GetNamespace() != namespace.Name {
					t.Errorf("%s is in the namespace %q, not in %q", object.GetName(), object.GetNamespace(), namespace.Name)
				}
			}
			pod := set.Spec.Template
			checkPod(t, pod, namespace)
			if *set.Spec.Replicas != 1 {
				t.Error("a database has one owner")
			}
			of := func(what string, selector map[string]string) {
				if len(selector) == 0 || !labels.SelectorFromSet(selector).Matches(labels.Set(pod.Labels)) {
					t.Errorf("%s selects other pods: %v", what, selector)
				}
			}
			of("the set", set.Spec.Selector.MatchLabels)
			of("the service", service.Spec.Selector)
			of("the network policy", network.Spec.PodSelector.MatchLabels)
			if set.Spec.ServiceName != service.Name {
				t.Error("the set's service is not there")
			}
			backend := ingress.Spec.Rules[0].HTTP.Paths[0].Backend.Service
			if backend.Name != service.Name || backend.Port.Name != service.Spec.Ports[0].Name {
				t.Error("the ingress leads to no service")
			}
			port := network.Spec.Ingress[0].Ports[0].Port.String()
			if collector := pod.Spec.Containers[slices.IndexFunc(pod.Spec.Containers, func(c corev1.Container) bool { return c.Name == "askwell" })]; collector.Ports[0].Name != port || service.Spec.Ports[0].TargetPort.String() != port {
				t.Errorf("the collector's port is not %s", port)
			}
			volumes := map[string]bool{}
			for _, volume := range pod.Spec.Volumes {
				volumes[volume.Name] = true
				if volume.ConfigMap != nil {
					if config := decode[corev1.ConfigMap](t, made, "ConfigMap"); config.Name != volume.ConfigMap.Name || config.Data["litestream.yml"] == "" {
						t.Error("no litestream.yml in the config map of", volume.Name)
					}
				}
			}
			for _, claim := range set.Spec.VolumeClaimTemplates {
				volumes[claim.Name] = true
			}
			for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
				if !strings.Contains(container.Image, ":") {
					t.Errorf("the image of %s has no version", container.Name)
				}
				for _, mount := range container.VolumeMounts {
					if !volumes[mount.Name] {
						t.Errorf("%s mounts %s, which is not there", container.Name, mount.Name)
					}
				}
			}
		})
	}
}

// checkPod holds a pod against the standard that its namespace enforces, as the admission controller does.
func checkPod(t *testing.T, pod corev1.PodTemplateSpec, namespace corev1.Namespace) {
	t.Helper()
	open := podsecurity.LevelVersion{Level: podsecurity.LevelPrivileged, Version: podsecurity.LatestVersion()}
	enforced, problems := podsecurity.PolicyToEvaluate(namespace.Labels, podsecurity.Policy{Enforce: open, Audit: open, Warn: open})
	if len(problems) > 0 || enforced.Enforce.Level != podsecurity.LevelRestricted {
		t.Fatalf("the namespace enforces %v: %v", enforced, problems)
	}
	checks, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range checks.EvaluatePod(enforced.Enforce, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			t.Errorf("%s: %s", result.ForbiddenReason, result.ForbiddenDetail)
		}
	}
	for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		if !*container.SecurityContext.ReadOnlyRootFilesystem {
			t.Errorf("%s can write to its image", container.Name)
		}
	}
}

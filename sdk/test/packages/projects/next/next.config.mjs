// Else it looks for a lock file above this folder, and takes the whole repository for the project.
export default { turbopack: { root: import.meta.dirname } };

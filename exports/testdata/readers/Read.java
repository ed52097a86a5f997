import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.gephi.graph.api.Column;
import org.gephi.graph.api.Graph;
import org.gephi.graph.api.GraphController;
import org.gephi.graph.api.GraphModel;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.EdgeMergeStrategy;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.importer.api.Issue;
import org.gephi.io.processor.plugin.AppendProcessor;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.project.api.ProjectController;
import org.gephi.project.api.Workspace;
import org.openide.util.Lookup;

/**
 * Reads exports with Gephi's own importers and prints what came in, as JSON.
 *
 * <p>usage: java -cp gephi-toolkit-all.jar Read.java FILE [FILE...]
 */
public class Read {
    public static void main(String[] args) throws Exception {
        ProjectController projects = Lookup.getDefault().lookup(ProjectController.class);
        projects.newProject();
        Workspace workspace = projects.getCurrentWorkspace();
        ImportController importer = Lookup.getDefault().lookup(ImportController.class);
        List<String> warnings = new ArrayList<>();
        boolean first = true;
        for (String path : args) {
            Container container = importer.importFile(new File(path));
            container.getLoader().setEdgesMergeStrategy(EdgeMergeStrategy.NO_MERGE);
            container.getLoader().setAllowAutoNode(false);
            for (java.util.Iterator<Issue> it = container.getReport().getIssues(1000); it.hasNext(); ) {
                Issue issue = it.next();
                warnings.add(issue.getLevel() + ": " + issue.getMessage());
            }
            importer.process(container, first ? new DefaultProcessor() : new AppendProcessor(), workspace);
            first = false;
        }
        GraphModel model = Lookup.getDefault().lookup(GraphController.class).getGraphModel(workspace);
        Graph graph = model.getGraph();
        System.out.println("{\"nodes\":" + graph.getNodeCount() + ",\"edges\":" + graph.getEdgeCount()
            + ",\"nodeAttributes\":" + titles(model.getNodeTable()) + ",\"edgeAttributes\":" + titles(model.getEdgeTable())
            + ",\"dynamic\":" + model.isDynamic() + ",\"warnings\":" + json(warnings) + "}");
    }

    private static String titles(Iterable<Column> table) {
        TreeSet<String> names = new TreeSet<>();
        for (Column column : table) {
            names.add(column.getTitle());
        }
        return json(names);
    }

    private static String json(Iterable<String> items) {
        StringBuilder out = new StringBuilder("[");
        for (String item : items) {
            out.append(out.length() > 1 ? "," : "").append('"').append(item.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ")).append('"');
        }
        return out.append("]").toString();
    }
}

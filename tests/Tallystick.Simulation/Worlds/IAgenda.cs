namespace Tallystick.Simulation.Worlds;

/// <summary>Hears what became possible in a world, and decides when it happens.</summary>
internal interface IAgenda
{
    void TurnIsDue(SimulatedNode node, SimulatedTab tab);

    void CommitIsDue(SimulatedNode node);

    void DeliveryIsDue(Connection connection, int side);

    void AcceptIsDue(Connection connection);

    void ProofIsDue(Connection connection, int side);

    /// <summary>The other side is gone, and this one may learn it.</summary>
    void NoticeIsDue(Connection connection, int side);

    void LinksChanged(SimulatedNode node, int peer);
}

/// <summary>Decides nothing: what is possible is looked for when it is wanted.</summary>
internal sealed class NoAgenda : IAgenda
{
    public static readonly NoAgenda Only = new();

    public void TurnIsDue(SimulatedNode node, SimulatedTab tab)
    {
    }

    public void CommitIsDue(SimulatedNode node)
    {
    }

    public void DeliveryIsDue(Connection connection, int side)
    {
    }

    public void AcceptIsDue(Connection connection)
    {
    }

    public void ProofIsDue(Connection connection, int side)
    {
    }

    public void NoticeIsDue(Connection connection, int side)
    {
    }

    public void LinksChanged(SimulatedNode node, int peer)
    {
    }
}

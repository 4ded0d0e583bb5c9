import { RideSurvey } from "./ride-survey.tsx";

const ride = { bike: "B-214", minutes: 24 };

export function Ride() {
  return (
    <>
      <section className="summary">
        <p className="eyebrow">Ride ended at Central Station</p>
        <h1>{ride.minutes} minutes, well ridden</h1>
        <dl>
          <div>
            <dt>Bike</dt>
            <dd>{ride.bike}</dd>
          </div>
          <div>
            <dt>Distance</dt>
            <dd>6.1 km</dd>
          </div>
          <div>
            <dt>Price</dt>
            <dd>€ 2.40</dd>
          </div>
        </dl>
      </section>
      <RideSurvey {...ride} />
    </>
  );
}
